/** Disturbs what lies between two parties. */
@NullMarked
package dev.regent.lab.fault;

import org.jspecify.annotations.NullMarked;
