/** What we know: servers, positions, observations. Values only. */
@NullMarked
package dev.regent.core.model;

import org.jspecify.annotations.NullMarked;
