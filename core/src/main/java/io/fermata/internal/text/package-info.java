/** The forms in which messages show things of the user's. It depends on no other package. */
@NullMarked
package io.fermata.internal.text;

import org.jspecify.annotations.NullMarked;
