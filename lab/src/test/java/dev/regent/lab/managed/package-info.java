/** What must hold: {@code regent run} over real servers, through real faults. */
@NullMarked
package dev.regent.lab.managed;

import org.jspecify.annotations.NullMarked;
