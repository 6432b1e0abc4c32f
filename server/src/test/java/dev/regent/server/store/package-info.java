@NullMarked
package dev.regent.server.store;

import org.jspecify.annotations.NullMarked;
