@NullMarked
package dev.regent.proxy.net;

import org.jspecify.annotations.NullMarked;
