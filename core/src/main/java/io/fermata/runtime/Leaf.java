package io.fermata.runtime;

/**
 * Something that a body waits for and that is no body: a timer, a promise, a lock. A frame that
 * delegates to a leaf is suspended, and with it all that delegate to the frame; the leaf is handed
 * to whoever steps the outermost of them, and what that one sends or raises is what the leaf gave.
 */
public interface Leaf {}
