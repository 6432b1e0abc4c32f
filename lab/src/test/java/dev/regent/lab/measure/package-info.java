@NullMarked
package dev.regent.lab.measure;

import org.jspecify.annotations.NullMarked;
