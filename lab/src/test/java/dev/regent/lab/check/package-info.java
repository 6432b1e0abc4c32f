@NullMarked
package dev.regent.lab.check;

import org.jspecify.annotations.NullMarked;
