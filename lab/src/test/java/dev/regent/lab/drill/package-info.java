@NullMarked
package dev.regent.lab.drill;

import org.jspecify.annotations.NullMarked;
