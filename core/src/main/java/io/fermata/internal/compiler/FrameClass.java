package io.fermata.internal.compiler;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame's class, as the compiler hands it out.
 *
 * @param name its internal name
 * @param host the internal name of the class that holds the method
 * @param isHelper whether the method is a helper; else it is the body
 * @param file its class file
 * @param nestmate the class file of a hidden nestmate of the host, null if it needs none
 * @param method the name of the method
 * @param sourceFile the source of the host, null if unknown
 * @param firstLine the method's first line, 0 if unknown
 * @param lines the line of each suspension point, 0 if unknown
 * @param guarded the suspension points, from 0 on, that a handler of the method covers
 * @param reason why it was compiled, for people
 * @param explanation what the method has become, for people; none unless {@linkplain
 *     Explanation#WANTED wanted}
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, and not compared
public record FrameClass(
    String name,
    String host,
    boolean isHelper,
    byte[] file,
    byte @Nullable [] nestmate,
    String method,
    @Nullable String sourceFile,
    int firstLine,
    int[] lines,
    BitSet guarded,
    String reason,
    List<String> explanation) {}
