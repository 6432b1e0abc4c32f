package dev.regent.lab.check;

/** A row of the table in which every primary writes down that it became one. */
public record Reign(long epoch, String server) {}
