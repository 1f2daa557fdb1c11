package io.fermata.conformance;

import java.util.List;

/** Event loops with one mistake each. */
final class BrokenLoops {
  private BrokenLoops() {}

  static List<Mistake> all() {
    return List.of(
        new Mistake(
            "loses a wake-up when several wait",
            "internal/loop/LoopDeferred.java",
            "several.forEach(this::tell);",
            "several.stream().skip(1).forEach(this::tell);"),
        new Mistake(
            "loses a wake-up from another thread",
            "internal/kernel/Inbox.java",
            "return below == null;",
            "return false;"),
        new Mistake(
            "loses a wake-up while its thread is parked",
            "internal/kernel/ThreadHost.java",
            "    woken = true;\n    Thread sleeping",
            "    Thread sleeping"),
        new Mistake(
            "swallows a cancellation that comes while the task is ready",
            "internal/loop/LoopTask.java",
            "          raised = request;\n",
            ""),
        new Mistake(
            "swallows a cancellation that comes while the task runs",
            "internal/loop/CancellableTask.java",
            "request != null || Scope.cancellation(scope) != null",
            "Scope.cancellation(scope) != null"),
        new Mistake(
            "does not see that an outer scope is cancelled",
            "internal/loop/Scope.java",
            "      each.reaching = why;\n",
            "      each.reaching = each == source ? why : each.reaching;\n"),
        new Mistake(
            "has a group leave early",
            "internal/compose/GroupFrame.java",
            "place != MEMBERS_ENDED || entered.hasMembers()",
            "place == 0"),
        new Mistake(
            "has a group not look again before it leaves",
            "internal/compose/GroupFrame.java",
            "place != MEMBERS_ENDED || entered.hasMembers()",
            "place != MEMBERS_ENDED"),
        new Mistake(
            "has a group forget what a member failed with",
            "internal/loop/GroupScope.java",
            "        failures.addAll(failed);\n",
            ""),
        new Mistake(
            "fires timers early",
            "internal/kernel/Kernel.java",
            "first.when - now <= 0;",
            "first.when - now <= 5_000_000;"),
        new Mistake(
            "runs timers of one time in any order",
            "internal/kernel/Timer.java",
            "order - other.order < 0",
            "order - other.order > 0"),
        new Mistake(
            "runs first what became ready last",
            "internal/kernel/Kernel.java",
            "    if (attentive) {\n      attend();\n    }\n",
            "    arrange(candidates -> candidates - 1);\n"),
        new Mistake(
            "runs in a round what became ready in it",
            "internal/kernel/Kernel.java",
            "left > 0; left--) {\n      int at = head;",
            "head != tail; left--) {\n      int at = head;"),
        new Mistake(
            "has a lock that newcomers get before those who wait",
            "async/FairLock.java",
            "!held && line.isEmpty()",
            "!held"),
        new Mistake(
            "has a semaphore whose permits newcomers get before those who wait",
            "internal/waiting/Admission.java",
            "return granted == 0 && line.isEmpty() && has(amount);",
            "return has(amount);"),
        new Mistake(
            "lets go first who came last",
            "internal/loop/IntrusiveList.java",
            "    N polled = first;\n",
            "    N polled = last;\n"),
        new Mistake(
            "loses a permit when who was given it is cancelled",
            "internal/waiting/Admission.java",
            "      admission.putBack(amount);\n",
            ""),
        new Mistake(
            "loses the turn when who was to have the lock is cancelled",
            "async/FairLock.java",
            "      line.remove(this);\n      wakeFirst();",
            "      line.remove(this);"),
        new Mistake(
            "loses the wake-up of a getter that is cancelled",
            "async/AsyncQueue.java",
            "      if (!isEmpty()) {\n        getters.wakeFirst();\n      }\n",
            ""),
        new Mistake(
            "begins tasks of other threads while it is closed, and forgets them",
            "internal/loop/RemoteStart.java",
            "if (loop.isClosing()) {",
            "if (false) {"),
        new Mistake(
            "shows where a scope was cancelled instead of what was interrupted",
            "internal/loop/CancelWalk.java",
            "isRequest ? why : Cancellations.at(why, task.stack())",
            "why"),
        new Mistake(
            "delivers a cancellation twice",
            "internal/loop/LoopTask.java",
            "Cancelled request = takeUndelivered();",
            "Cancelled request = pending();"));
  }
}
