// Java: trust.p12 is the trust store that java-trust-store.sh makes of the bundle as PEM, and server.p12 has the server's key.
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.FileInputStream;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

class JavaServer {
  static KeyStore read(String file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var stream = new FileInputStream(file)) {
      store.load(stream, "changeit".toCharArray());
    }
    return store;
  }

  static SSLContext context() throws Exception {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(read("/etc/certway/server.p12"), "changeit".toCharArray());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(read("/etc/certway/trust.p12"));
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  public static void main(String[] args) throws Exception {
    var server = HttpsServer.create(new InetSocketAddress(8443), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context()) {
      @Override
      public void configure(HttpsParameters parameters) {
        var ssl = getSSLContext().getDefaultSSLParameters();
        ssl.setNeedClientAuth(true);
        parameters.setSSLParameters(ssl);
      }
    });
    server.createContext("/", exchange -> {
      int status = 200;
      // A certificate that is in the trust store itself is accepted whatever its dates are.
      try {
        var peer = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
        ((X509Certificate) peer).checkValidity();
      } catch (CertificateException expired) {
        status = 403;
      }
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    });
    server.start();
  }
}
