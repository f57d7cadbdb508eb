import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { watchMissingParts } from './app/missing-part.tsx';
import './style/index.css';

watchMissingParts();

const place = document.getElementById('app');
if (!place) throw new Error('Start app: the page has no element "app"');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
