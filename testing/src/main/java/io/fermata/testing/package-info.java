/**
 * Tests of asynchronous code: time that passes at once or by hand, schedules that a seed chooses,
 * assertions about suspension, and a JUnit extension.
 */
@NullMarked
package io.fermata.testing;

import org.jspecify.annotations.NullMarked;
