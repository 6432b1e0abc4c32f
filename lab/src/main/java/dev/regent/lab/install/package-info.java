/** Gets a server that can be started, and a data folder for it to start on. */
@NullMarked
package dev.regent.lab.install;

import org.jspecify.annotations.NullMarked;
