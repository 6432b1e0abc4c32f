@NullMarked
package dev.regent.server.connect;

import org.jspecify.annotations.NullMarked;
