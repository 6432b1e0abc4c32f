package dev.regent.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.regent.server.front.ClientPasswords;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The file with the passwords of clients whose plugin does not let them pass through the proxy. It
 * is taken whole or not at all.
 */
record ClientsFile(Path file) implements ClientPasswords {
  /** Some thousand users. */
  private static final long SIZE_MAX = 1 << 20;

  @Override
  public Reading read() {
    Mistakes mistakes = new Mistakes();
    List<Entry> entries = text(mistakes).map(t -> entries(t, mistakes)).orElse(List.of());
    return mistakes.none()
        ? new Reading.Read(entries)
        : new Reading.Failed(mistakes.sorted().stream().map(this::sentence).toList());
  }

  private String sentence(Mistake mistake) {
    String where = mistake.line() > 0 ? file + " line " + mistake.line() + ":" : file.toString();
    return where + " " + mistake.what() + " (" + mistake.mend() + ")";
  }

  private Optional<String> text(Mistakes mistakes) {
    try {
      if (Files.size(file) > SIZE_MAX) {
        mistakes.add(0, "is too large", "name a file of at most 1 MiB");
        return Optional.empty();
      }
      if (Secrets.openToOthers(file)) {
        mistakes.add(0, "may be read by others", "chmod 600 " + file);
      }
      return Optional.of(Files.readString(file, UTF_8));
    } catch (NoSuchFileException e) {
      mistakes.add(0, "does not exist", "create it with mode 600");
    } catch (CharacterCodingException e) {
      mistakes.add(0, "is not UTF-8", "save it as UTF-8");
    } catch (IOException e) {
      mistakes.add(
          0,
          "cannot be read (" + e.getClass().getSimpleName() + ")",
          "let the daemon's user read it");
    }
    return Optional.empty();
  }

  private static List<Entry> entries(String text, Mistakes mistakes) {
    Document document = Document.ofSecrets(text, mistakes);
    List<Entry> entries = new ArrayList<>();
    Set<String> taken = new LinkedHashSet<>();
    for (Section section : document.sections("client")) {
      Optional<String> user = section.required("user", "\"app\"");
      Optional<String> host = section.text("host");
      Optional<String> password = password(section, mistakes);
      String account = user.orElse("") + "@" + host.orElse("").toLowerCase(Locale.ROOT);
      if (user.isPresent() && !taken.add(account)) {
        section.mistake("user", "has a password already", "keep one of the two");
      }
      if (user.isPresent() && password.isPresent()) {
        entries.add(new Entry(user.get(), host, dev.regent.proxy.auth.Secret.of(password.get())));
      }
    }
    document.checkUnknown();
    return entries;
  }

  private static Optional<String> password(Section section, Mistakes mistakes) {
    Optional<String> password = section.hidden("password");
    if (!section.has("password")) {
      mistakes.addMissing(
          section.line("password"),
          section.name() + " password is missing",
          "add password = \"...\"");
    }
    return password;
  }
}
