/**
 * What generated classes link to; not for use in programs.
 *
 * <p>Classes that a body was compiled into live in the user's package, so this package has to be
 * exported. Jars may contain such classes and have to run for years: what is here is kept small and
 * changes only by addition once it is released.
 */
@NullMarked
package io.fermata.runtime;

import org.jspecify.annotations.NullMarked;
