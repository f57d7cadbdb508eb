import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { watchMissingParts } from '../app/missing-part.tsx';
import '../style/index.css';
import { Console } from './app/console.tsx';

watchMissingParts();

const place = document.getElementById('app');
if (!place) throw new Error('Start console: the page has no element "app"');
createRoot(place).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
