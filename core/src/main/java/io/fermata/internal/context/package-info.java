/** The thread-bound values that go with the control from thread to thread. */
@NullMarked
package io.fermata.internal.context;

import org.jspecify.annotations.NullMarked;
