/** {@code regent drill}: plays scenarios on real servers under load, checks, and tells. */
@NullMarked
package dev.regent.lab.drill;

import org.jspecify.annotations.NullMarked;
