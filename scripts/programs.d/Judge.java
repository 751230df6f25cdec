import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.*;
import java.util.*;
import javax.net.ssl.*;

/** Judges chains as a TLS connection of Java does: its trust manager, with the host name compared as for HTTPS. */
public final class Judge {
    /** Reads `DIRECTORY SECONDS server|client HOST` a line (HOST `-` for none), and answers each with a line. */
    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            String said;
            try {
                judge(Path.of(words[0]), Long.parseLong(words[1]), words[2].equals("client"), words[3]);
                said = "accepts";
            } catch (Exception | StackOverflowError error) {
                said = said(error);
            }
            System.out.println(said);
            System.out.flush();
        }
    }

    /** The innermost words: those outside only say that no path was found. */
    static String said(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        return inner.getClass().getSimpleName() + ": " + inner.getMessage();
    }

    static List<X509Certificate> read(CertificateFactory factory, Path directory, String prefix) throws Exception {
        List<X509Certificate> found = new ArrayList<>();
        for (int at = 0; Files.exists(directory.resolve(prefix + at + ".der")); at++) {
            try (InputStream in = Files.newInputStream(directory.resolve(prefix + at + ".der"))) {
                found.add((X509Certificate) factory.generateCertificate(in));
            }
        }
        return found;
    }

    static void judge(Path directory, long moment, boolean client, String host) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate anchor : read(factory, directory, "trust")) {
            anchors.add(new TrustAnchor(anchor, null));
        }
        X509Certificate[] chain = read(factory, directory, "presented").toArray(new X509Certificate[0]);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setDate(new Date(moment * 1000));
        List<CRL> lists = new ArrayList<>();
        for (int at = 0; Files.exists(directory.resolve("crl" + at + ".der")); at++) {
            try (InputStream in = Files.newInputStream(directory.resolve("crl" + at + ".der"))) {
                lists.add(factory.generateCRL(in));
            }
        }
        parameters.setRevocationEnabled(!lists.isEmpty());
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(new CertPathTrustManagerParameters(parameters));
        X509ExtendedTrustManager manager = (X509ExtendedTrustManager) managers.getTrustManagers()[0];
        Engine engine = new Engine(host.equals("-") ? null : host);
        if (client) {
            manager.checkClientTrusted(chain, "UNKNOWN", engine);
        } else {
            manager.checkServerTrusted(chain, "UNKNOWN", engine);
        }
    }

    /** A connection of TLS 1.3 in the middle of its handshake. */
    static final class Engine extends SSLEngine {
        private final SSLSession session;
        private final SSLParameters parameters;

        Engine(String host) {
            session = (SSLSession) java.lang.reflect.Proxy.newProxyInstance(
                Judge.class.getClassLoader(),
                new Class<?>[] {SSLSession.class},
                (proxy, method, values) -> switch (method.getName()) {
                    case "getPeerHost" -> host;
                    case "getProtocol" -> "TLSv1.3";
                    default -> null;
                });
            parameters = new SSLParameters();
            parameters.setEndpointIdentificationAlgorithm(host == null ? null : "HTTPS");
        }

        @Override public SSLSession getHandshakeSession() { return session; }
        @Override public SSLSession getSession() { return session; }
        @Override public SSLParameters getSSLParameters() { return parameters; }
        @Override public SSLEngineResult wrap(java.nio.ByteBuffer[] a, int b, int c, java.nio.ByteBuffer d) { return null; }
        @Override public SSLEngineResult unwrap(java.nio.ByteBuffer a, java.nio.ByteBuffer[] b, int c, int d) { return null; }
        @Override public Runnable getDelegatedTask() { return null; }
        @Override public void closeInbound() { }
        @Override public boolean isInboundDone() { return false; }
        @Override public void closeOutbound() { }
        @Override public boolean isOutboundDone() { return false; }
        @Override public String[] getSupportedCipherSuites() { return new String[0]; }
        @Override public String[] getEnabledCipherSuites() { return new String[0]; }
        @Override public void setEnabledCipherSuites(String[] suites) { }
        @Override public String[] getSupportedProtocols() { return new String[] {"TLSv1.3"}; }
        @Override public String[] getEnabledProtocols() { return new String[] {"TLSv1.3"}; }
        @Override public void setEnabledProtocols(String[] protocols) { }
        @Override public void beginHandshake() { }
        @Override public SSLEngineResult.HandshakeStatus getHandshakeStatus() { return SSLEngineResult.HandshakeStatus.NEED_UNWRAP; }
        @Override public void setUseClientMode(boolean mode) { }
        @Override public boolean getUseClientMode() { return true; }
        @Override public void setNeedClientAuth(boolean need) { }
        @Override public boolean getNeedClientAuth() { return false; }
        @Override public void setWantClientAuth(boolean want) { }
        @Override public boolean getWantClientAuth() { return false; }
        @Override public void setEnableSessionCreation(boolean flag) { }
        @Override public boolean getEnableSessionCreation() { return true; }
    }
}
