/**
 * The classes that generated code links to; not for use in programs.
 *
 * <p>Generated classes live in the user's package, so this package is exported. Jars may contain
 * such classes and have to run for years, so it is small, and changes only by addition once it is
 * released.
 */
@NullMarked
package io.fermata.runtime;

import org.jspecify.annotations.NullMarked;
