/**
 * The waits of tasks: what parks a task and lets it go on, lines of waiting tasks, items of queues.
 */
@NullMarked
package io.fermata.internal.waiting;

import org.jspecify.annotations.NullMarked;
