/**
 * Disturbs servers and what lies between two parties; each fault has its way back, where one is.
 */
@NullMarked
package dev.regent.lab.fault;

import org.jspecify.annotations.NullMarked;
