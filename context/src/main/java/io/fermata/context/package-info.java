/**
 * Thread-bound values as values of tasks. The class path is all the set-up that there is: put the
 * module beside {@code fermata}, and a task keeps its logging context, its span and whatever else
 * has a {@code ThreadLocalAccessor} of Micrometer's context-propagation.
 */
@NullMarked
package io.fermata.context;

import org.jspecify.annotations.NullMarked;
