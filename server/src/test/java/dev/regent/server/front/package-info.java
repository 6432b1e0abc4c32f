@NullMarked
package dev.regent.server.front;

import org.jspecify.annotations.NullMarked;
