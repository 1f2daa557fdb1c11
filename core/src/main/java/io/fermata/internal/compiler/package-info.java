/**
 * The compiler of bodies: class files in, class files of frames out. It loads no class, so it can
 * run at run time and in a build. {@link io.fermata.internal.compiler.BodyCompiler} lists its
 * passes. Only this package and the one below it know ASM.
 */
@NullMarked
package io.fermata.internal.compiler;

import org.jspecify.annotations.NullMarked;
