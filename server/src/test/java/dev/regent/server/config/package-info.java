@NullMarked
package dev.regent.server.config;

import org.jspecify.annotations.NullMarked;
