import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { nameMissingParts, settlePage } from './app/missing-part.ts';
import './style/index.css';

nameMissingParts();
settlePage();

const place = document.getElementById('app');
if (!place) throw new Error('Start app: the page has no element "app"');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
