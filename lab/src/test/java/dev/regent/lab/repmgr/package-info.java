@NullMarked
package dev.regent.lab.repmgr;

import org.jspecify.annotations.NullMarked;
