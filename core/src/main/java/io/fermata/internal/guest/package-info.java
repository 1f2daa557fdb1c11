/** Loops on the threads of others, and others on a loop: guests of hosts, a loop as an executor. */
@NullMarked
package io.fermata.internal.guest;

import org.jspecify.annotations.NullMarked;
