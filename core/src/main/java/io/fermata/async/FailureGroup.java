package io.fermata.async;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several failures, thrown as one: an {@link ExceptionGroup} or an {@link ErrorGroup}. Python:
 * {@code BaseExceptionGroup}.
 *
 * <pre>{@code
 * try {
 *   co.await(TaskGroup.action((in, tg) -> tg.start(connect())));
 * } catch (ExceptionGroup g) {                          // except*
 *   FailureGroup.handling(g).on(IOException.class, part -> retry(part.failures())).rethrow();
 * }
 * }</pre>
 */
public sealed interface FailureGroup permits ExceptionGroup, ErrorGroup {
  /**
   * A group: an {@code ErrorGroup} if one of the failures is an {@code Error}.
   *
   * @param message what they have in common
   * @param failures at least one
   * @return a new group, to be thrown
   * @throws IllegalArgumentException if there is none
   */
  static Throwable of(String message, List<? extends Throwable> failures) {
    return failures.stream().allMatch(Exception.class::isInstance)
        ? new ExceptionGroup(message, failures)
        : new ErrorGroup(message, failures);
  }

  /**
   * Handles the failures in a group by their type. Python: {@code except*}.
   *
   * @param failure a group; any other is taken as a group of one
   * @return takes the handlers
   */
  static FailureHandling handling(Throwable failure) {
    return FailureHandling.of(failure);
  }

  /**
   * What they have in common.
   *
   * @return the message that the group was made with
   */
  String message();

  /**
   * The failures, which may be groups.
   *
   * @return at least one, unmodifiable
   */
  List<Throwable> failures();

  /**
   * This, as something to be thrown.
   *
   * @return itself
   */
  default Throwable toThrowable() {
    return (Throwable) this;
  }

  /**
   * The part of it that holds failures of a kind; its nesting, message, cause and stack trace stay.
   *
   * @param test asked about the group itself, then about what is in it
   * @return this if all of it is of that kind, null if nothing is
   */
  default @Nullable FailureGroup subgroup(Predicate<? super Throwable> test) {
    return Splitting.part(this, test);
  }

  /**
   * Divides it by a test.
   *
   * @param test asked about the group itself, then about what is in it
   * @return both parts
   */
  default Split split(Predicate<? super Throwable> test) {
    return new Split(subgroup(test), Splitting.rest(this, test));
  }

  /**
   * Divides it by a type.
   *
   * @param type of the failures in the first part
   * @return both parts
   */
  default Split split(Class<? extends Throwable> type) {
    return split((Predicate<Throwable>) type::isInstance);
  }

  /**
   * A group in two parts.
   *
   * @param matching null if nothing matches
   * @param rest null if all matches
   */
  record Split(@Nullable FailureGroup matching, @Nullable FailureGroup rest) {}
}
