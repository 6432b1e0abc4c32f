/** The epoch fence on each server: who may change it, and how a deposed manager is kept out. */
@NullMarked
package dev.regent.server.office;

import org.jspecify.annotations.NullMarked;
