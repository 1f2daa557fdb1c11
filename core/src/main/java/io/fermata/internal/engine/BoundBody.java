package io.fermata.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * A body of two parameters, with the handle that it gets as the second.
 *
 * @param body a lambda of {@code co} and a handle
 * @param handle the handle
 */
public record BoundBody(Object body, @Nullable Object handle) {
  /** The lambda itself, whether it gets a handle or not. */
  static Object lambda(Object body) {
    return body instanceof BoundBody bound ? bound.body : body;
  }
}
