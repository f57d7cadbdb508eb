/** What is served while a site has no release, in both languages: it knows neither the reader's nor the app's words. */
export const notBuiltPage = (command: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Pandect</title>
</head>
<body>
<main>
<h1>The app is not built</h1>
<p>The platform is up, and its API answers: <a href="/api/docs/">API</a>. To build the app, run this where the platform was started:</p>
<pre>${command}</pre>
<section lang="ru">
<h2>Приложение не собрано</h2>
<p>Платформа работает, и её API отвечает: <a href="/api/docs/">API</a>. Чтобы собрать приложение, выполните эту команду на сервере:</p>
<pre>${command}</pre>
</section>
</main>
</body>
</html>
`;
