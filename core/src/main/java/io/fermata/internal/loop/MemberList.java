package io.fermata.internal.loop;

import org.jspecify.annotations.Nullable;

/** The members of a task group that it has not looked at since their end, in order of start. */
final class MemberList extends IntrusiveList<LoopTask<?>> {
  @Override
  protected @Nullable LoopTask<?> before(LoopTask<?> node) {
    return node.memberBefore;
  }

  @Override
  protected void linkBefore(LoopTask<?> node, @Nullable LoopTask<?> before) {
    node.memberBefore = before;
  }

  @Override
  protected @Nullable LoopTask<?> after(LoopTask<?> node) {
    return node.memberAfter;
  }

  @Override
  protected void linkAfter(LoopTask<?> node, @Nullable LoopTask<?> after) {
    node.memberAfter = after;
  }
}
