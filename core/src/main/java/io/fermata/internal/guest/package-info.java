/** Loops on the threads of hosts, and the view of a loop as an executor. */
@NullMarked
package io.fermata.internal.guest;

import org.jspecify.annotations.NullMarked;
