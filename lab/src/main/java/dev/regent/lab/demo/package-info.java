/** {@code regent demo}: a failover on real servers, told as a story. */
@NullMarked
package dev.regent.lab.demo;

import org.jspecify.annotations.NullMarked;
