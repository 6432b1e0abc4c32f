/** What people and programs read: pictures and events as text and as JSON. Pure functions. */
@NullMarked
package dev.regent.server.render;

import org.jspecify.annotations.NullMarked;
