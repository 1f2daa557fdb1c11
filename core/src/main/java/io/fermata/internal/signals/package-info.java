/** The signals of the operating system. */
@NullMarked
package io.fermata.internal.signals;

import org.jspecify.annotations.NullMarked;
