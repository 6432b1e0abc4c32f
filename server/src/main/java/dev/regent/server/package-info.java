/** The daemon: observes servers, executes steps, stores intents, publishes. */
@NullMarked
package dev.regent.server;

import org.jspecify.annotations.NullMarked;
