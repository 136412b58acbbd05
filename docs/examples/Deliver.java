// Delivers a file and tells what became of it. Java 17, nothing else:
//   java Deliver.java https://credit.example.gov.cn oa-system key-1 client.key permit-organisation permits.csv batch-2026-001

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Deliver {
  static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  static String base, client, key;
  static PrivateKey privateKey;

  public static void main(String[] args) throws Exception {
    base = args[0];
    client = args[1];
    key = args[2];
    String pem = Files.readString(Path.of(args[3])).replaceAll("-----[A-Z ]+-----|\\s", "");
    privateKey = KeyFactory.getInstance("Ed25519")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    Path file = Path.of(args[5]);

    String name = URLEncoder.encode(file.getFileName().toString(), StandardCharsets.UTF_8).replace("+", "%20");
    String answer = call("POST", "/api/v1/deliveries", "item=" + args[4] + "&fileName=" + name,
        Files.readAllBytes(file), args[6]);
    String delivery = part(answer, "\"delivery\":(\\d+)");
    while (!part(answer, "\"state\":\"(\\w+)\"").matches("done|refused")) {
      Thread.sleep(500);
      answer = call("GET", "/api/v1/deliveries/" + delivery, "", null, null);
    }
    String rejected = part(answer, "\"rejected\":(\\d+)");
    System.out.println(delivery + " " + part(answer, "\"state\":\"(\\w+)\"") + " received "
        + part(answer, "\"received\":(\\d+)") + " loaded " + part(answer, "\"loaded\":(\\d+)") + " rejected "
        + rejected);
    if (!rejected.equals("0")) {
      System.out.println(call("GET", "/api/v1/deliveries/" + delivery + "/rejected-rows", "format=ndjson", null, null));
    }
  }

  static String call(String method, String path, String query, byte[] body, String batch) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(body == null ? new byte[0] : body);
    String time = String.valueOf(Instant.now().getEpochSecond());
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    String nonce = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    String[] pairs = query.isEmpty() ? new String[0] : query.split("&");
    Arrays.sort(pairs);
    String message = String.join("\n", "xinheng-request-v1", method, path, String.join("&", pairs),
        HexFormat.of().formatHex(digest), client, key, time, nonce);
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(privateKey);
    signer.update(message.getBytes(StandardCharsets.UTF_8));
    String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());

    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path + (query.isEmpty() ? "" : "?" + query)))
        .header("Authorization", "Xinheng client=\"" + client + "\", key=\"" + key + "\", time=\"" + time
            + "\", nonce=\"" + nonce + "\", signature=\"" + signature + "\"");
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.method(method, BodyPublishers.ofByteArray(body))
          .header("Content-Type", "application/octet-stream")
          .header("Content-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":")
          .header("Idempotency-Key", batch);
    }
    HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (response.statusCode() >= 400) throw new RuntimeException(response.statusCode() + " " + response.body());
    return response.body();
  }

  static String part(String json, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(json);
    if (!found.find()) throw new RuntimeException("no " + pattern + " in " + json);
    return found.group(1);
  }
}
