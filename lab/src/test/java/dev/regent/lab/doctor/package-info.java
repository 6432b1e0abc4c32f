/** The doctor visits real servers. */
@NullMarked
package dev.regent.lab.doctor;

import org.jspecify.annotations.NullMarked;
