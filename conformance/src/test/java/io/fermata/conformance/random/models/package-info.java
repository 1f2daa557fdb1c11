/**
 * Random programs of tasks, compared with small models of the rules in plain Java. What runs is
 * chosen by a seed: the program, its cancellations and limits, and the order of ready tasks.
 *
 * <p>A new kind of thing to check is a {@link io.fermata.conformance.random.models.Subject} with a
 * line in {@link io.fermata.conformance.random.models.Sort}.
 */
package io.fermata.conformance.random.models;
