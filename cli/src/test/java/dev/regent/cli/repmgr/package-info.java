@NullMarked
package dev.regent.cli.repmgr;

import org.jspecify.annotations.NullMarked;
