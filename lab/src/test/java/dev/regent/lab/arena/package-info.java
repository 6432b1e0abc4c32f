@NullMarked
package dev.regent.lab.arena;

import org.jspecify.annotations.NullMarked;
