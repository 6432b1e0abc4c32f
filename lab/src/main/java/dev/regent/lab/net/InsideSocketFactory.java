package dev.regent.lab.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Properties;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.util.ConfigurableSocketFactory;

/**
 * Lets the JDBC driver connect as somebody on a lab's network. Every socket that the driver makes
 * for a connection is made there, also those it opens later to end a statement. The driver makes a
 * factory by its class name; that is why it is public.
 */
public final class InsideSocketFactory extends ConfigurableSocketFactory {
  /** A property of the connection that the driver itself does not know. */
  private static final String NAMESPACE = "regentLabNamespace";

  private Path namespace = Path.of("");

  /** The driver's own way in. */
  public InsideSocketFactory() {
    super();
  }

  /** Makes a connection with these properties start at this host. */
  public static void use(Properties properties, Host host) {
    properties.setProperty("socketFactory", InsideSocketFactory.class.getName());
    properties.setProperty(NAMESPACE, host.file().toString());
  }

  @Override
  public void setConfiguration(Configuration configuration, String host) {
    namespace = Path.of(configuration.nonMappedOptions().getProperty(NAMESPACE));
  }

  @Override
  public Socket createSocket() throws IOException {
    return Sockets.socket(namespace);
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw connectsByItself();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw connectsByItself();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw connectsByItself();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw connectsByItself();
  }

  private static UnsupportedOperationException connectsByItself() {
    return new UnsupportedOperationException("the driver connects its sockets by itself");
  }
}
