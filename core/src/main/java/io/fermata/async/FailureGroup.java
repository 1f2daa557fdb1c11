package io.fermata.async;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A group of failures, thrown as one: an {@link ExceptionGroup} or an {@link ErrorGroup}. Python:
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
   * A group of failures; an {@code ErrorGroup} if one of them is an {@code Error}.
   *
   * @param message the message of the group
   * @param failures at least one
   * @return a new group
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
   * @param failure a group; any other failure counts as a group of one
   * @return a chain that takes the handlers
   */
  static FailureHandling handling(Throwable failure) {
    return FailureHandling.of(failure);
  }

  /**
   * The message of the group.
   *
   * @return the message, without the number of failures
   */
  String message();

  /**
   * The failures, which may be groups.
   *
   * @return at least one, unmodifiable
   */
  List<Throwable> failures();

  /**
   * This group as a {@code Throwable}.
   *
   * @return itself
   */
  default Throwable toThrowable() {
    return (Throwable) this;
  }

  /**
   * The part of this group that holds the matching failures; nesting, message, cause and stack
   * trace stay.
   *
   * @param test called with the group itself, then with its members
   * @return this if everything matches, null if nothing does
   */
  default @Nullable FailureGroup subgroup(Predicate<? super Throwable> test) {
    return Splitting.part(this, test);
  }

  /**
   * Divides the group by a test.
   *
   * @param test called with the group itself, then with its members
   * @return both parts
   */
  default Split split(Predicate<? super Throwable> test) {
    return new Split(subgroup(test), Splitting.rest(this, test));
  }

  /**
   * Divides the group by a type.
   *
   * @param type the type of the failures in the first part
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
