@NullMarked
package dev.regent.core.analyze;

import org.jspecify.annotations.NullMarked;
