package dev.regent.lab.load;

/** The row that a client writes. */
final class Order {
  private Order() {}

  static String insert(long id, int client, int number) {
    return "INSERT INTO shop.orders (id, client, seq, payload) VALUES (%d, %d, %d, 'order %d')"
        .formatted(id, client, number, number);
  }
}
