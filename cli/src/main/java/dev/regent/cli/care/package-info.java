/** What an operator does before and beside a daemon: examine the servers, take over a setup. */
@NullMarked
package dev.regent.cli.care;

import org.jspecify.annotations.NullMarked;
